"""The product's settings, but that nobody tells PostgreSQL for whom a statement is."""

from config.settings.production import *  # noqa: F403 - as all settings here

ROW_LEVEL_SECURITY = False
DATABASE_LOGIN = "owner"
