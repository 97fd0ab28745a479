"""Walls around keys and members, and the two questions that are asked before them."""

from django.db import migrations

from common.tenancy.walls import BindToOrganization, OnPostgres, build_wall

# Who asks is not known yet, so they see all keys, and answer one question each. They
# belong to the role that passes the walls (common/tenancy/grants.py).
FUNCTIONS = """
CREATE FUNCTION accounts_key_of_prefix(wanted text) RETURNS SETOF public.accounts_apikey
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT * FROM public.accounts_apikey WHERE prefix = wanted $$;
CREATE FUNCTION accounts_origin_is_registered(wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM public.accounts_keyorigin origin
    JOIN public.accounts_apikey key ON key.id = origin.key_id
    WHERE origin.origin = wanted AND key.revoked_at IS NULL
      AND (key.expires_at IS NULL OR key.expires_at > now()))
$$;
REVOKE ALL ON FUNCTION accounts_key_of_prefix(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION accounts_origin_is_registered(text) FROM PUBLIC;
"""
NO_FUNCTIONS = """
DROP FUNCTION accounts_key_of_prefix(text);
DROP FUNCTION accounts_origin_is_registered(text);
"""


class Migration(migrations.Migration):

    dependencies = [('accounts', '0005_invitations')]

    operations = [
        OnPostgres(
            "CREATE UNIQUE INDEX accounts_key_of_organization"
            " ON accounts_apikey (organization_id, id)",
            "DROP INDEX accounts_key_of_organization",
        ),
        BindToOrganization("accounts_keyorigin", "key_id", "accounts_apikey"),
        BindToOrganization("accounts_apikey", "replaced_by_id", "accounts_apikey"),
        OnPostgres(
            "CREATE UNIQUE INDEX accounts_membership_of_organization"
            " ON accounts_membership (organization_id, id)",
            "DROP INDEX accounts_membership_of_organization",
        ),
        BindToOrganization(
            "accounts_tokenfamily", "membership_id", "accounts_membership"
        ),
        OnPostgres(FUNCTIONS, NO_FUNCTIONS),
        build_wall("accounts_organization", "id"),
        build_wall("accounts_apikey"),
        build_wall("accounts_keyorigin"),
        build_wall("accounts_membership"),
        build_wall("accounts_invitation"),
        build_wall("accounts_tokenfamily"),
    ]
