# Stands for Nanotron's converter: a folder that looks like what it writes.
import os
import sys

options = dict(word[2:].split('=', 1) for word in sys.argv[1:])
if not os.path.exists(os.path.join(options['checkpoint_path'], 'model_config.json')):
    sys.exit('no checkpoint')
os.makedirs(options['save_path'])
for name in ['model.safetensors', 'config.json', 'tokenizer.json']:
    with open(os.path.join(options['save_path'], name), 'w') as file:
        file.write('{}')
