"""`make bench`: how long things take, beside the least that any program would take or what is often done instead.

Everything runs on this machine, on a database and in folders of its own, and ends with the command. What it prints
are times; whether an aim is met is said with them, and nothing fails. Some of the modules used here belong to Django,
so it is set up first.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
# Given, so that reading the settings makes no key in the folder of a studio that may be in use.
os.environ.setdefault("STUDIO_SECRET_KEY", "of the bench, which asks this process for no secrets")
django.setup()
