/* Imports.tsx - the place to drop a file, and the files dropped before. */
import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PageHeader } from '../../components/PageHeader';
import { useCan } from '../../lib/useCan';
import { PastImports } from './PastImports';
import { UploadZone } from './UploadZone';

export function Imports() {
  const { t } = useTranslation();
  const canWrite = useCan('sender');
  return (
    <>
      <PageHeader title={t('nav.imports')} lead={t('import.lead')} />
      <Stack gap="lg">
        {canWrite && <UploadZone />}
        <PastImports />
      </Stack>
    </>
  );
}
