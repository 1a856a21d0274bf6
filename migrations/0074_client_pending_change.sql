-- Published: changes of a client that wait for a second person. Read beside every client, so it has an index of its own.
CREATE VIEW client_pending_change AS
SELECT client_id, pending_change_id FROM pending_change WHERE status = 'pending' AND client_id IS NOT NULL;
CREATE INDEX pending_change_open_by_client ON pending_change (client_id, pending_change_id)
    WHERE status = 'pending' AND client_id IS NOT NULL;
