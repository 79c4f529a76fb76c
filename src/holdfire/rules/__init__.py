"""Regulations of a service: their clauses, what each binds to, a checklist with its log, and the log in print."""
