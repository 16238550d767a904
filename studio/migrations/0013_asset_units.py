from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    """What each picture cost stands with its result; now with the picture, too."""
    Asset, Result = apps.get_model("studio", "Asset"), apps.get_model("studio", "Result")
    units = Result.objects.filter(pk=OuterRef("result_id")).values("units")
    Asset.objects.exclude(result=None).update(units=Subquery(units))


class Migration(migrations.Migration):
    dependencies = [("studio", "0012_gallery")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
