// Entry of the window: connects to core, then draws the shell.
import { createRoot } from 'react-dom/client';

const root = document.getElementById('root');
if (root) createRoot(root).render(<p>Nesso Studio</p>);
