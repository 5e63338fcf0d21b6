"""The pages of the users, and the features that the settings name."""

from importlib import import_module

from django.urls import re_path

from launch import SETTINGS
from users import user

urlpatterns = [re_path("^users/(?P<user_id>[1-9][0-9]{0,14})$", user)]
for name in SETTINGS["features"]:
    urlpatterns += import_module(f"features.{name}").urlpatterns
