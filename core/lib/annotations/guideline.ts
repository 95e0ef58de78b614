// The guideline a new campaign starts with: the educational value of a text on the additive scale of 0 to 5.
// Our own wording; people edit it before they begin.

export const defaultGuideline = `How much would somebody learn from this text at school?

Begin with 0 and add one point for each sentence that is true. Judge the text as it stands, not the site or the author.

1  It says something a learner could use, even between advertising or chatter.
2  Parts of it explain a school subject, though without order or depth.
3  It explains something from a curriculum clearly enough to be given to a class.
4  It is ordered like a lesson or a chapter: few distractions, right for its readers.
5  It could be taught from as it is: complete, precise and easy to follow.

Length, style and opinion do not matter by themselves. Flag what is broken, empty or in another language. Skip what you cannot judge.`;
