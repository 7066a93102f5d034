import { render } from 'preact';
import './styles/look.css';
import './styles/shell.css';
import { App } from './shell/app.tsx';

const place = document.querySelector('#app');
if (place === null) throw new Error('index.html has no #app');
render(<App />, place);
