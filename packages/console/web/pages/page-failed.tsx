import { useRouteError } from 'react-router';
import { Button } from '../components/button.tsx';
import { ErrorMessage } from '../components/error-message.tsx';
import { Page } from '../components/page.tsx';

/** Shown where a page could not be loaded, or failed while it was drawn. */
export function PageFailed() {
  return (
    <Page title="This page failed">
      <ErrorMessage error={useRouteError()} />
      <div>
        <Button onPress={() => location.reload()}>Load it again</Button>
      </div>
    </Page>
  );
}
