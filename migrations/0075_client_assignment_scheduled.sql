-- A change of branch or advisor for a later day is a period that has not begun. What the change named holds from there on;
-- the other member follows from what holds before it.
ALTER TABLE client_assignment ADD COLUMN scheduled_members text[] CONSTRAINT client_assignment_scheduled_members_known
    CHECK (scheduled_members <@ ARRAY['branch_id', 'advisor_id'] AND cardinality(scheduled_members) > 0);
CREATE INDEX client_assignment_scheduled ON client_assignment (client_id)
    WHERE superseded_at IS NULL AND scheduled_members IS NOT NULL;
