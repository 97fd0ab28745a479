#!/usr/bin/env python
"""Run a management command: `manage.py help` lists them."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from accounts import acting


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    # Whatever changes is the command's doing; the audit says so.
    name = sys.argv[1] if len(sys.argv) > 1 else "help"
    acting.enter(acting.of_program(acting.ActorKind.COMMAND, name[:80]))
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Bonafide cannot start: {error}")


if __name__ == "__main__":
    main()
