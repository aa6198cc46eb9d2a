/* Groups.tsx - the groups with their size; add, rename, remove; from here to their members or to a send. */
import { Button, Group, Paper, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconUsersGroup } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AnchorLink, ButtonLink } from '../../components/links';
import { answer, api, type Schemas } from '../../api/client';
import { groupsQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { Empty } from '../../components/Empty';
import { PageHeader } from '../../components/PageHeader';
import { ProblemAlert } from '../../components/ProblemAlert';
import { ask } from '../../lib/ask';
import { formatCount } from '../../lib/format';
import { tellDone, tellProblem } from '../../lib/tell';
import { useCan } from '../../lib/useCan';
import { GroupModal } from './GroupModal';

type ContactGroup = Schemas['Group'];

export function Groups() {
  const { t } = useTranslation();
  const canWrite = useCan('sender');
  const { data: groups, error, refetch } = useQuery(groupsQuery);
  const [chosen, setChosen] = useState<ContactGroup | null>(null);
  const [opened, modal] = useDisclosure();
  const open = (g: ContactGroup | null) => {
    setChosen(g);
    modal.open();
  };
  const own = groups?.filter((g) => !g.is_default) ?? [];
  return (
    <>
      <PageHeader title={t('nav.groups')} lead={t('group.lead')}>
        {canWrite && (
          <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => open(null)}>
            {t('group.add')}
          </Button>
        )}
      </PageHeader>
      <ProblemAlert error={error} retry={() => void refetch()} />
      {!groups && !error && <Skeleton h={160} />}
      {groups && (
        <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }}>
          {groups.map((g) => (
            <GroupCard key={g.id} group={g} canWrite={canWrite} onEdit={() => open(g)} />
          ))}
        </SimpleGrid>
      )}
      {groups && own.length === 0 && (
        <Empty
          icon={<IconUsersGroup aria-hidden />}
          title={t('group.emptyTitle')}
          text={t('group.emptyText')}
        >
          <ButtonLink to="/imports">{t('contact.import')}</ButtonLink>
        </Empty>
      )}
      <GroupModal opened={opened} onClose={modal.close} group={chosen} />
    </>
  );
}

function GroupCard({
  group: g,
  canWrite,
  onEdit,
}: {
  group: ContactGroup;
  canWrite: boolean;
  onEdit: () => void;
}) {
  const { t } = useTranslation();
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE('/groups/{id}', { params: { path: { id: g.id } } })),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['groups'] });
      void queryClient.invalidateQueries({ queryKey: ['contacts'] });
      tellDone(t('group.removed', { name: g.name }));
    },
    onError: tellProblem,
  });
  return (
    <Paper withBorder p="md" component="article" aria-label={g.name}>
      <Stack gap={4} h="100%">
        <AnchorLink
          to="/contacts"
          search={{ q: undefined, group: g.id }}
          fw={700}
          size="lg"
          style={{ overflowWrap: 'anywhere' }}
        >
          {g.name}
        </AnchorLink>
        <Text className="tabular">{t('group.members', { n: formatCount(g.member_count) })}</Text>
        <Text size="sm" c="dimmed">
          {g.is_default ? t('group.defaultNote') : g.description}
        </Text>
        <Group gap="xs" mt="auto" pt="sm">
          {canWrite && g.member_count > 0 && (
            <ButtonLink
              to="/campaigns/new"
              search={{ group: g.id, template: undefined }}
              size="xs"
              variant="default"
            >
              {t('group.send')}
            </ButtonLink>
          )}
          {canWrite && !g.is_default && (
            <>
              <Button size="xs" variant="default" onClick={onEdit}>
                {t('action.edit')}
              </Button>
              <Button
                size="xs"
                variant="subtle"
                color="red"
                loading={remove.isPending}
                onClick={() =>
                  ask({
                    title: t('group.removeTitle'),
                    text: t('group.removeText', { name: g.name }),
                    yes: t('action.remove'),
                    danger: true,
                    onYes: () => remove.mutate(),
                  })
                }
              >
                {t('action.remove')}
              </Button>
            </>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}
