"""Every use of the crypto library: passphrases, keys, sealed pages, random bytes."""
