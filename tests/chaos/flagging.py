"""Store a flag of the installation's, or change it.

python -m tests.chaos.flagging NAME on|off
"""

import sys

import django


def put(name: str, variant: str) -> None:
    """Let a flag serve a variant to everybody."""
    from flags.engine import Flag  # noqa: PLC0415 - after `setup`
    from flags.services.flags import put_flag  # noqa: PLC0415

    flag = Flag(name=name, default=variant, off="off")
    put_flag(organization_id=None, flag=flag)


if __name__ == "__main__":
    django.setup()
    put(sys.argv[1], sys.argv[2])
