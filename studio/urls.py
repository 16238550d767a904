"""Every URL of the studio."""

urlpatterns: list = []
