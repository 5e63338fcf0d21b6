"""The pages of the users; what else is served the settings name."""

from django.urls import re_path

from users import user

urlpatterns = [re_path("^users/(?P<user_id>[1-9][0-9]{0,14})$", user)]
