-- Published: what branches are called, for reports that count by branch.
CREATE VIEW branch_name AS SELECT branch_id, code, name FROM branch;
