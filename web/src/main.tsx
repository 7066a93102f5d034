import { render } from 'preact';
import './styles/look.css';
import './styles/shell.css';
import { address, go, hrefOf } from './shell/address.ts';
import { App } from './shell/app.tsx';
import { snapshot } from './source.ts';

// A page that was written about one unit begins with it.
if (snapshot?.unit !== undefined && address.value.path.length === 0)
  go(hrefOf(['units', snapshot.unit.view.client_id]), { replace: true });

const place = document.querySelector('#app');
if (place === null) throw new Error('index.html has no #app');
render(<App />, place);
