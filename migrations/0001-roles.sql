-- Roles belong to the whole cluster and may exist already, made by another database, by a start
-- running at the same moment or by a database administrator who keeps CREATEROLE to themselves.
-- This file runs as the connecting owner; every later one runs as tiebeam_owner, creates its
-- objects unqualified in schema public and grants table by table.
DO $$
DECLARE
  wanted record;
BEGIN
  FOR wanted IN
    SELECT * FROM (VALUES
      ('tiebeam_owner', 'NOLOGIN'),
      ('tiebeam_app', 'LOGIN'),
      ('tiebeam_dispatch', 'LOGIN'),
      ('tiebeam_door', 'LOGIN')
    ) AS role (name, login)
  LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
      BEGIN
        EXECUTE format(
          'CREATE ROLE %I %s NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT',
          wanted.name, wanted.login);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
      END;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name AND (rolsuper OR rolbypassrls)) THEN
      RAISE EXCEPTION 'Role % may bypass row-level security; take SUPERUSER and BYPASSRLS from it.', wanted.name;
    END IF;
  END LOOP;
END
$$;

-- A superuser may become tiebeam_owner anyway; an owner that merely has CREATEROLE must be told so.
-- Since PostgreSQL 16 the maker of a role may administer it, but neither inherits from it nor becomes it.
DO $$
BEGIN
  IF NOT pg_has_role(current_user, 'tiebeam_owner', 'USAGE') THEN
    EXECUTE format('GRANT tiebeam_owner TO %I %s', current_user,
      CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'WITH INHERIT TRUE, SET TRUE' END);
  END IF;
END
$$;

DO $$
BEGIN
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CREATE ON DATABASE %I TO tiebeam_owner', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO tiebeam_app, tiebeam_dispatch, tiebeam_door', current_database());
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO tiebeam_owner;
GRANT USAGE ON SCHEMA public TO tiebeam_app, tiebeam_dispatch, tiebeam_door;

-- Functions are executable by everybody unless told otherwise, which would open a definer function.
ALTER DEFAULT PRIVILEGES FOR ROLE tiebeam_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- A reused connection reports the setting of an ended transaction as '' and not as NULL. Policies
-- that call this function see NULL in both cases, and no row equals NULL.
CREATE FUNCTION current_tenant() RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('tiebeam.tenant', true), '');
ALTER FUNCTION current_tenant() OWNER TO tiebeam_owner;
REVOKE EXECUTE ON FUNCTION current_tenant() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION current_tenant() TO tiebeam_owner, tiebeam_app, tiebeam_dispatch, tiebeam_door;

GRANT SELECT ON schema_version TO tiebeam_owner, tiebeam_app, tiebeam_dispatch, tiebeam_door;
