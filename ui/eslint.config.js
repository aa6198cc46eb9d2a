import js from '@eslint/js';
import hooks from 'eslint-plugin-react-hooks';
import ts from 'typescript-eslint';

export default ts.config(
  {
    files: ['*.mjs'],
    languageOptions: { globals: { process: 'readonly' } },
  },
  { ignores: ['dist', 'node_modules', 'src/api/schema.d.ts', 'postcss.config.cjs'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': hooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
);
