-- The firm's clients and their fund accounts. `client_id` comes first in every key of what belongs to a client.
-- Values unique across clients are claimed in tables keyed by the value, so the rule survives sharding.

-- Two-character Chinese names have no inner trigram; one- and two-character grams find them.
CREATE FUNCTION search_grams(value text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT coalesce(array_agg(DISTINCT substr(lower(value), i, n)), '{}')
            FROM generate_series(1, length(value)) AS i, generate_series(1, 2) AS n
            WHERE i + n - 1 <= length(value));

CREATE TABLE client (
    client_id       uuid PRIMARY KEY,
    client_no       text NOT NULL CONSTRAINT client_no_format CHECK (client_no ~ '^[A-Za-z0-9._-]{1,64}$'),
    name            text NOT NULL CONSTRAINT client_name_not_blank CHECK (name ~ '\S'),
    kind            text NOT NULL CONSTRAINT client_kind_known CHECK (kind IN ('individual', 'institution', 'product')),
    status          text NOT NULL CONSTRAINT client_status_known CHECK (status IN ('prospect', 'active', 'closed')),
    branch_id       uuid NOT NULL CONSTRAINT client_branch_exists REFERENCES branch,
    advisor_id      uuid CONSTRAINT client_advisor_exists REFERENCES staff,
    tier            text CONSTRAINT client_tier_known CHECK (tier IN ('ordinary', 'middle', 'high_net_worth')),
    opened_on       date NOT NULL CONSTRAINT client_opened_since_1970 CHECK (opened_on >= '1970-01-01'),
    closed_on       date,
    close_reason    text CONSTRAINT client_close_reason_not_blank CHECK (close_reason ~ '\S'),
    document_type   text CONSTRAINT client_document_type_known CHECK (document_type IN
                    ('id_card', 'passport', 'travel_permit', 'credit_code', 'product_registration', 'other')),
    document_number bytea, -- this and the next three: sealed with the client's data key
    phone           bytea,
    email           bytea,
    address         bytea,
    row_version     bigint NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CONSTRAINT client_closed_complete CHECK ((status = 'closed') = (closed_on IS NOT NULL)),
    CONSTRAINT client_closed_after_opened CHECK (closed_on >= opened_on),
    CONSTRAINT client_reason_of_closing CHECK (close_reason IS NULL OR status = 'closed'),
    CONSTRAINT client_document_complete CHECK ((document_type IS NULL) = (document_number IS NULL))
);
-- One index a declared order: the whole book, by branch, by advisor, by tier; newest first.
CREATE INDEX client_by_branch ON client (branch_id, client_id);
CREATE INDEX client_by_advisor ON client (advisor_id, client_id);
CREATE INDEX client_by_tier ON client (tier, client_id);
CREATE INDEX client_by_branch_tier ON client (branch_id, tier, client_id);
CREATE INDEX client_by_opened ON client (opened_on, client_id);
CREATE INDEX client_search ON client USING gin (search_grams(name || ' ' || client_no)) WITH (fastupdate = off);

CREATE TABLE client_no_claim (
    client_no text COLLATE "C" PRIMARY KEY, -- a code: compared byte by byte
    client_id uuid NOT NULL
);

-- Keyed by a keyed hash of type and number (blind index), never by the number itself.
CREATE TABLE document_claim (
    document_index bytea PRIMARY KEY,
    client_id      uuid NOT NULL
);

CREATE TABLE fund_account (
    client_id       uuid NOT NULL CONSTRAINT fund_account_client_exists REFERENCES client,
    fund_account_id uuid NOT NULL,
    fund_account_no text NOT NULL,
    kind            text NOT NULL CONSTRAINT fund_account_kind_known CHECK (kind IN ('ordinary', 'margin', 'derivatives')),
    status          text NOT NULL CONSTRAINT fund_account_status_known
                    CHECK (status IN ('normal', 'restricted', 'frozen', 'dormant', 'closed')),
    custodian_bank  text,
    opened_on       date NOT NULL CONSTRAINT fund_account_opened_since_1970 CHECK (opened_on >= '1970-01-01'),
    closed_on       date,
    row_version     bigint NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (client_id, fund_account_id),
    CONSTRAINT fund_account_no_unique UNIQUE (client_id, fund_account_no),
    CONSTRAINT fund_account_closed_complete CHECK ((status = 'closed') = (closed_on IS NOT NULL)),
    CONSTRAINT fund_account_closed_after_opened CHECK (closed_on >= opened_on)
);

-- Published: whose a client is. Other slices join this, never the table.
CREATE VIEW client_scope AS
SELECT client_id, client_no, name, branch_id, advisor_id, status, tier, opened_on FROM client;
