"""Software-copyright registration at the bureau: from the order of materials to the certificate."""
