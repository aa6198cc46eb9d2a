/*
 * Shell.tsx - what stands around every screen behind the login: the practice banner, header,
 * navigation (a drawer on a phone), the person's menu.
 */
import {
  AppShell,
  Avatar,
  Box,
  Burger,
  Group,
  Menu,
  NavLink,
  ScrollArea,
  Text,
  UnstyledButton,
  VisuallyHidden,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconAddressBook,
  IconBellOff,
  IconFileImport,
  IconHome,
  IconLogout,
  IconMessage2,
  IconSend,
  IconSettings,
  IconUsersGroup,
  IconPencilPlus,
} from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../components/links';
import { answer, api } from '../api/client';
import { sessionQuery } from '../api/queries';
import { HeaderBalance } from './Balance';
import { Logo } from './Logo';
import { PracticeBanner } from './PracticeBanner';
import { Toggles } from './Toggles';
import { queryClient } from './queryClient';

const places = [
  { to: '/', key: 'home', icon: IconHome },
  { to: '/campaigns', key: 'campaigns', icon: IconSend },
  { to: '/contacts', key: 'contacts', icon: IconAddressBook },
  { to: '/groups', key: 'groups', icon: IconUsersGroup },
  { to: '/suppressions', key: 'suppressions', icon: IconBellOff },
  { to: '/imports', key: 'imports', icon: IconFileImport },
  { to: '/templates', key: 'templates', icon: IconMessage2 },
  { to: '/settings', key: 'settings', icon: IconSettings },
] as const;

const BANNER = 36;
const HEADER = 56;

export function Shell() {
  const { t } = useTranslation();
  const [open, { toggle, close }] = useDisclosure();
  const { data: session } = useQuery(sessionQuery);
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);

  // A new screen starts at its beginning for those who listen, too.
  const first = useRef(true);
  useEffect(() => {
    close();
    if (first.current) first.current = false;
    else main.current?.focus({ preventScroll: true });
  }, [pathname, close]);

  const practice = session?.practice ?? false;
  return (
    <AppShell
      header={{ height: HEADER + (practice ? BANNER : 0) }}
      navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !open } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a className="skip" href="#main">
        {t('shell.skip')}
      </a>
      <AppShell.Header>
        {practice && <PracticeBanner />}
        <Group h={HEADER} px="md" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={open}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={open ? t('shell.closeMenu') : t('shell.openMenu')}
              aria-expanded={open}
            />
            <UnstyledButton component={Link} to="/" aria-label={t('shell.toHome')}>
              <Logo compact />
            </UnstyledButton>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <HeaderBalance />
            <Toggles />
            {session && <PersonMenu company={session.company.name} name={session.user.name} />}
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={t('shell.navigation')}>
        <ButtonLink
          to="/campaigns/new"
          leftSection={<IconPencilPlus size={18} aria-hidden />}
          fullWidth
          mb="sm"
          size="md"
        >
          {t('nav.compose')}
        </ButtonLink>
        <ScrollArea>
          {places.map(({ to, key, icon: Icon }) => {
            const here =
              to === '/' ? pathname === '/' : pathname.startsWith(to) && pathname !== '/campaigns/new';
            return (
              <NavLink
                key={to}
                component={Link}
                to={to}
                label={t(`nav.${key}`)}
                leftSection={<Icon size={20} stroke={1.7} aria-hidden />}
                active={here}
                aria-current={here ? 'page' : undefined}
                variant="filled"
                fw={here ? 700 : 500}
                style={{ borderRadius: 'var(--mantine-radius-md)' }}
                py={10}
              />
            );
          })}
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="main" ref={main} tabIndex={-1}>
        <Box maw={1180} mx="auto">
          <Outlet />
        </Box>
      </AppShell.Main>
    </AppShell>
  );
}

function PersonMenu({ company, name }: { company: string; name: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const logout = useMutation({
    mutationFn: () => answer(api.DELETE('/sessions/current')),
    onSettled: async () => {
      queryClient.clear();
      await navigate({ to: '/login', search: { to: undefined } });
    },
  });
  return (
    <Menu position="bottom-end" width={220} withinPortal withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton>
          <Group gap={8} wrap="nowrap">
            <Avatar radius="xl" size={34} variant="filled" color="ink" aria-hidden>
              {name.slice(0, 1)}
            </Avatar>
            <VisuallyHidden>{t('shell.person')}</VisuallyHidden>
            <Box visibleFrom="sm" ta="left" maw={180}>
              <Text size="sm" fw={600} lh={1.2} truncate>
                {company}
              </Text>
              <Text size="xs" c="dimmed" lh={1.2} truncate>
                {name}
              </Text>
            </Box>
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconSettings size={16} aria-hidden />} component={Link} to="/settings">
          {t('nav.settings')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => logout.mutate()}>
          {t('shell.logout')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
