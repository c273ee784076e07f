"""The ferry: a public page on a host of its own, and signed files that carry letters in and answers out."""
