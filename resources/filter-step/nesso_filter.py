"""A datatrove step that keeps the documents a filter recipe of Nesso Studio keeps; score them first.

    from nesso_filter import NessoFilter

    LocalPipelineExecutor(
        pipeline=[
            ParquetReader("data/ita_Latn"),
            NessoFilter("filters/jql-0.7.json", exclusion_writer=JsonlWriter("removed")),
            ParquetWriter("kept"),
        ],
        tasks=8,
    ).run()

Needs datatrove 0.4 or newer, and nesso_recipe.py beside it.
"""

from typing import Optional, Tuple, Union

from datatrove.data import Document
from datatrove.pipeline.filters.base_filter import BaseFilter
from datatrove.pipeline.writers.disk_base import DiskWriter

from nesso_recipe import Recipe


class NessoFilter(BaseFilter):
    name = "🎚 Nesso recipe"

    def __init__(
        self,
        recipe_path: str,
        language: Optional[str] = None,
        exclusion_writer: Optional[DiskWriter] = None,
    ):
        """`language`: of documents that name none; the name of their folder. The recipe is read here, so that a wrong path fails
        before a job is queued; its decisions travel with the step to every task."""
        super().__init__(exclusion_writer)
        self.recipe = Recipe.read(recipe_path)
        self.language = language

    def filter(self, doc: Document) -> Union[bool, Tuple[bool, str]]:
        reason = self.recipe.reason(doc.metadata, self.language)
        return True if reason is None else (False, reason)
