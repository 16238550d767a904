import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('studio', '0005_candidates'),
    ]

    operations = [
        migrations.CreateModel(
            name='FavoriteStyle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('image_model', models.CharField(max_length=40)),
                ('style', models.CharField(max_length=60)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='favorite_styles', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='favoritestyle',
            constraint=models.UniqueConstraint(fields=('person', 'image_model', 'style'), name='favorite_style_unique'),
        ),
    ]
