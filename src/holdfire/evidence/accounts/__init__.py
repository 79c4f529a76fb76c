"""Accounts: small forms a person fills in about harm, an incident, a claim or official conduct, which become evidence."""
