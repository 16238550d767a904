from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StudioConfig(AppConfig):
    name = "studio"
    verbose_name = "Atelier"

    def ready(self) -> None:
        from studio import checks  # noqa: F401 - registers the system checks
        from studio.models import guards

        post_migrate.connect(guards.install, sender=self, dispatch_uid="studio.guards")
