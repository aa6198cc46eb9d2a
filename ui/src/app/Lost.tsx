/* Lost.tsx - an address that leads nowhere, and a screen that broke. */
import { Button, Center } from '@mantine/core';
import { IconMapQuestion, IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Empty } from '../components/Empty';
import { problemDetail, problemTitle } from '../components/ProblemAlert';

export function Lost() {
  const { t } = useTranslation();
  return (
    <Center mih="60vh" component="main">
      <Empty main icon={<IconMapQuestion aria-hidden />} title={t('lost.title')} text={t('lost.text')}>
        <Button component="a" href="/">
          {t('lost.home')}
        </Button>
      </Empty>
    </Center>
  );
}

export function Broken({ error }: { error: unknown }) {
  const { t } = useTranslation();
  return (
    <Center mih="60vh" component="main">
      <Empty
        main
        icon={<IconPlugConnectedX aria-hidden />}
        title={problemTitle(error, t)}
        text={problemDetail(error) ?? t('problem.tryAgain')}
      >
        <Button onClick={() => window.location.reload()}>{t('action.reload')}</Button>
      </Empty>
    </Center>
  );
}
