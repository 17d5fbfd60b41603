

# body is what the sender signs, byte for byte: GitHub signs the body, and writes sha256= before the digest. Stripe signs the
# time in its header, a dot, and the body.
def is_signed(body: bytes, signature: str, secrets: list[bytes]) -> bool:
{{?exposed}}
    """For the receiver: signed by the new secret. The old one is not among secrets, not even for a while."""
{{:}}
    """For the receiver: signed by the new secret or, while both are good, by the old one. In constant time."""
{{/}}
    return any(hmac.compare_digest(hmac.new(s, body, "sha256").hexdigest(), signature) for s in secrets)
