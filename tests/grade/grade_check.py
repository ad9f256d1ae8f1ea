"""A result holds to its schema, and says what the test wants: EXPRESSION is of r, the result."""
import json
import sys
from pathlib import Path

schema, result, expression = sys.argv[1:]
r = json.loads(Path(result).read_text())
try:
    import jsonschema

    jsonschema.validate(r, json.loads(Path(schema).read_text()))
except ImportError:
    print("jsonschema is not installed: the schema was not checked")
status = {c["id"]: c["status"] for c in r["checks"]}
message = {c["id"]: c["message"] for c in r["checks"]}
names = {"r": r, "status": status, "message": message}
if not eval(expression, names):
    print(json.dumps(r, indent=1))
    sys.exit(f"not true: {expression}")
