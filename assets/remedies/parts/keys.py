{{?unlisted}}
# {{unlisted:note}}
{{/}}
def folder() -> None:
    """Makes the directory of this finding, for you alone. One that somebody else made is not used."""
    os.makedirs(FOLDER, mode=0o700, exist_ok=True)
    if os.lstat(FOLDER).st_uid != os.getuid():
        raise SystemExit(f"{FOLDER} belongs to somebody else. Nothing was changed.")
    os.chmod(FOLDER, 0o700)


@functools.cache
def keys() -> list[dict]:
    """The keys of the items: those that were seen, in keys.json, which is for you alone. Add others to that file.

    What is not known is typed, once. Nothing of it is printed.
    """
    folder()
    known = json.loads({{known_keys:py}})
    try:
        file = os.open(FOLDER + "/keys.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(file, "w", encoding="utf-8") as out:
            json.dump(known, out, indent=1)
    except FileExistsError:
        pass
    with open(FOLDER + "/keys.json", encoding="utf-8") as file:
        listed = json.load(file)
    listed += [key for key in known if key not in listed]
    told = [key for key in listed if not any(text.startswith("PUT-") for part in key.values() for text in part.values())]
    return [filled(key) for key in told or listed[:1]]


def filled(key: dict) -> dict:
    for name, typed in key.items():
        kind, text = next(iter(typed.items()))
        if text.startswith("PUT-"):
            text = getpass.getpass(f"{name!a} ({kind}): ")
        key[name] = {kind: base64.b64decode(text) if kind == "B" else text}
    return key


def each(change, *more) -> None:
    """Does it for every item. One that it cannot be done for is told, and the next one follows."""
    for number, key in enumerate(keys(), start=1):
        try:
            print("item", number, "of keys.json")
            change(key, *more)
        except (SystemExit, client.exceptions.ConditionalCheckFailedException) as stop:
            print(stop)


def as_text(value) -> str:
    return json.dumps(value, sort_keys=True, default=lambda b: base64.b64encode(b).decode())


def digest(value) -> str:
    """A name for a key or a place that does not tell it. dynaudit makes names the same way."""
    short = json.dumps(value, sort_keys=True, separators=(",", ":"), default=lambda b: base64.b64encode(b).decode())
    return hashlib.sha256(short.encode()).hexdigest()[:16]


def keep(key: dict, value: dict, place: object = None) -> str:
    """What was there, in a file for you alone, once: a second run leaves it as it is.

    A value that is another one by now stops it: a newer one would go without a copy.
    """
    folder()
    path = f"{FOLDER}/old-{digest([key, place] if place else key)}.json"
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        with open(path, encoding="utf-8") as kept:
            if kept.read() != as_text(value):
                raise SystemExit(f"It is another value than in {path}: find out why, delete that, look again.") from None
        return path
    with open(file, "w", encoding="utf-8") as out:
        out.write(as_text(value))
    return path
