-- Data scope as one predicate: every statement about clients calls this function (it is inlined) or carries the fragment
-- that `platform::db::scope` builds for lists; a test holds the two to the same answer.
CREATE FUNCTION client_in_scope(branch_id uuid, advisor_id uuid, firm boolean, branch_ids uuid[], scope_advisor_id uuid)
    RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN firm OR branch_id = ANY (branch_ids) OR advisor_id = scope_advisor_id;
