"""A datatrove step that keeps the documents a filter recipe of Nesso Studio keeps; score them first.

    from nesso_filter import NessoFilter

    LocalPipelineExecutor(
        pipeline=[
            ParquetReader("data/ita_Latn"),
            NessoFilter("filters/jql-0.7.json", scored="data/ita_Latn", exclusion_writer=JsonlWriter("removed")),
            ParquetWriter("kept"),
        ],
        tasks=8,
    ).run()

Needs datatrove 0.4 or newer, with nesso_recipe.py and nesso_origin.py beside it.
"""

from typing import Optional, Tuple, Union

from datatrove.data import Document
from datatrove.pipeline.filters.base_filter import BaseFilter
from datatrove.pipeline.writers.disk_base import DiskWriter

from nesso_origin import check
from nesso_recipe import Recipe


class NessoFilter(BaseFilter):
    name = "🎚 Nesso recipe"

    def __init__(
        self,
        recipe_path: str,
        language: Optional[str] = None,
        exclusion_writer: Optional[DiskWriter] = None,
        scored: Optional[str] = None,
    ):
        """`language`: of documents that name none; the name of their folder. The recipe is read here, so that a wrong path fails
        before a job is queued; its decisions travel with the step to every task. `scored`: the folder of the documents on this
        computer; ScoredOtherwise where a file in it says that other heads, or another embedder, made its scores."""
        super().__init__(exclusion_writer)
        self.recipe = Recipe.read(recipe_path)
        self.language = language
        self.unknown_origin = check(recipe_path, scored) if scored else []

    def filter(self, doc: Document) -> Union[bool, Tuple[bool, str]]:
        reason = self.recipe.reason(doc.metadata, self.language)
        return True if reason is None else (False, reason)
