// Entry of the window: connects to core, then draws the shell.
import { createRoot } from 'react-dom/client';
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './ui/tokens.css';
import './ui/base.css';
import { Shell } from './app/shell.tsx';
import { applyCachedTheme } from './app/theme.ts';
import { connect } from './connect.ts';

applyCachedTheme();
const root = document.getElementById('root');
if (root) createRoot(root).render(<Shell connection={connect()} />);
