-- Bulk plans: what a change of many will do, item by item, before it is done; what was done; and what was undone. A commit
-- takes exactly the items of the plan, each only while its version is the one that was seen; an undo each only while its
-- version is the one that the commit wrote.
CREATE TABLE bulk_plan (
    bulk_plan_id uuid PRIMARY KEY,
    kind         text NOT NULL,
    status       text NOT NULL CONSTRAINT bulk_plan_status_known
                 CHECK (status IN ('draft', 'committing', 'committed', 'undoing', 'undone')),
    filter       jsonb NOT NULL,
    change       jsonb NOT NULL,
    item_count   integer NOT NULL CONSTRAINT bulk_plan_counts_items CHECK (item_count >= 0),
    planned_by   text NOT NULL,
    -- Whose clients the commit and the undo may touch: those of whoever asked for it last.
    scope        jsonb NOT NULL,
    row_version  bigint NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    committed_at timestamptz,
    undone_at    timestamptz,
    CONSTRAINT bulk_plan_committed_complete CHECK ((status IN ('draft', 'committing')) = (committed_at IS NULL)),
    CONSTRAINT bulk_plan_undone_complete CHECK ((status = 'undone') = (undone_at IS NOT NULL))
);
CREATE INDEX bulk_plan_by_planner ON bulk_plan (planned_by, bulk_plan_id);

-- `before` and `after` hold ids, codes and amounts; what is personal is sealed by the kind.
CREATE TABLE bulk_item (
    client_id      uuid NOT NULL,
    bulk_plan_id   uuid NOT NULL CONSTRAINT bulk_item_plan_exists REFERENCES bulk_plan,
    item_no        integer NOT NULL CONSTRAINT bulk_item_no_positive CHECK (item_no > 0),
    status         text NOT NULL CONSTRAINT bulk_item_status_known
                   CHECK (status IN ('planned', 'committed', 'skipped', 'undone', 'kept')),
    before         jsonb NOT NULL,
    version_before bigint,
    version_after  bigint,
    reason         text,
    PRIMARY KEY (client_id, bulk_plan_id, item_no),
    CONSTRAINT bulk_item_reason_complete CHECK ((status IN ('skipped', 'kept')) = (reason IS NOT NULL))
);
CREATE INDEX bulk_item_by_plan ON bulk_item (bulk_plan_id, item_no);
CREATE INDEX bulk_item_by_status ON bulk_item (bulk_plan_id, status, item_no);
