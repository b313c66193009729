import { Link } from 'react-router';
import { Page } from '../components/page.tsx';

export function NotFound() {
  return (
    <Page title="There is no such page">
      <p>
        The address leads nowhere. <Link to="/">To the overview</Link>
      </p>
    </Page>
  );
}
