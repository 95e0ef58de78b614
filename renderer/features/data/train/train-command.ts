// The name of the command that opens the training dialog, for who offers it elsewhere.
export const TRAIN_COMMAND = 'data.train';
