"""Many small changes of one migration in one step.

After each operation Django draws anew every model that hangs on the changed one, and here nearly all of them hang
together: half a second for each word of a label, and more than half of the time that a new database takes.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class OneStep(Operation):
    """The operations in their order, between the models as they were before all of them and as they are after all.

    For new tables, fields and triggers, and for what only the state knows: labels, options, words of constraints. No
    field and no trigger may be changed twice, and no operation may need the models as an earlier one of the same step
    left them. A new table comes with all that the step says of it: nothing is added to it in that step but triggers.
    """

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [], {"operations": self.operations}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # the drawn models: whoever asks for them next draws them, once
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"{len(self.operations)} changes in one step"
