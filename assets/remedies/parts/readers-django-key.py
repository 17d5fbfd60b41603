

# settings.py:
#   SECRET_KEY = secret("{{secret_name:note}}")
#   SECRET_KEY_FALLBACKS = []
