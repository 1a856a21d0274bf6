-- Who works here: the tree of branches, staff with one role and one data scope, sessions and refresh tokens.
-- Small catalogues; nothing here belongs to a client.
CREATE TABLE branch (
    branch_id   uuid PRIMARY KEY,
    parent_id   uuid CONSTRAINT branch_parent_exists REFERENCES branch,
    code        text NOT NULL CONSTRAINT branch_code_form CHECK (code ~ '^[A-Za-z0-9._-]{1,32}$'),
    name        text NOT NULL CONSTRAINT branch_name_not_blank CHECK (name ~ '\S'),
    path        uuid[] NOT NULL, -- from the root to the branch itself
    row_version bigint NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    CONSTRAINT branch_path_ends_here CHECK (path[array_length(path, 1)] = branch_id)
);
CREATE UNIQUE INDEX branch_code_unique ON branch (lower(code)); -- B1 and b1 are one branch to whoever types them
CREATE INDEX branch_path ON branch USING gin (path);
CREATE UNIQUE INDEX branch_single_root ON branch ((true)) WHERE parent_id IS NULL;

INSERT INTO branch (branch_id, parent_id, code, name, path, created_at)
VALUES ('00000000-0000-7000-8000-000000000001', NULL, 'HQ', '总部',
        ARRAY['00000000-0000-7000-8000-000000000001']::uuid[], now());

CREATE TABLE staff (
    staff_id              uuid PRIMARY KEY,
    username              text NOT NULL CONSTRAINT staff_username_unique UNIQUE,
    name                  text NOT NULL CONSTRAINT staff_name_not_blank CHECK (name ~ '\S'),
    role                  text NOT NULL CONSTRAINT staff_role_known CHECK (role IN
                          ('administrator', 'compliance', 'branch_manager', 'advisor', 'service_agent', 'analyst', 'integration')),
    data_scope            text NOT NULL CONSTRAINT staff_data_scope_known CHECK (data_scope IN ('own', 'branch', 'branch_tree', 'firm')),
    branch_id             uuid NOT NULL CONSTRAINT staff_branch_exists REFERENCES branch,
    status                text NOT NULL DEFAULT 'active' CONSTRAINT staff_status_known CHECK (status IN ('active', 'disabled')),
    password_hash         text NOT NULL,
    authorisation_version bigint NOT NULL DEFAULT 1, -- moves with role, scope, branch, status, password
    row_version           bigint NOT NULL DEFAULT 1,
    created_at            timestamptz NOT NULL
);
CREATE INDEX staff_by_branch ON staff (branch_id, staff_id);

CREATE TABLE session (
    session_id            uuid PRIMARY KEY,
    staff_id              uuid NOT NULL CONSTRAINT session_staff_exists REFERENCES staff,
    authorisation_version bigint NOT NULL,
    created_at            timestamptz NOT NULL,
    expires_at            timestamptz NOT NULL, -- absolute end of the family
    revoked_at            timestamptz
);
CREATE INDEX session_by_staff ON session (staff_id);
CREATE INDEX session_age ON session (expires_at);

CREATE TABLE refresh_token (
    token_hash bytea PRIMARY KEY,
    session_id uuid NOT NULL CONSTRAINT refresh_token_session_exists REFERENCES session ON DELETE CASCADE,
    issued_at  timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX refresh_token_by_session ON refresh_token (session_id);
