import { join } from 'node:path';
import ts from 'typescript';
import type { Snippet } from './snippets-in.js';
import { surroundings } from './surroundings.js';

/**
 * What the compiler has against each snippet, by the options of the repository and the sources of the
 * libs.
 *
 * @param root The repository. Nothing is written: what is compiled is a file to the compiler only.
 */
export function problemsIn(
  snippets: readonly Snippet[],
  root: string,
): ReadonlyMap<string, readonly string[]> {
  const texts = new Map(
    snippets.map(({ name, code }, index) => [
      join(root, 'test', `readme-snippet-${String(index)}.ts`),
      `${surroundings[name] ?? ''}\n${code}\nexport {};\n`,
    ]),
  );
  const program = compile(texts, root);
  const problems = [...texts.keys()].map((file) => problemsOf(program, file));
  return new Map(snippets.map(({ name }, index) => [name, problems[index] ?? []]));
}

function compile(texts: ReadonlyMap<string, string>, root: string): ts.Program {
  const options = compilerOptions(join(root, 'test/tsconfig.json'));
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => texts.has(file) || disk.fileExists(file),
    readFile: (file) => texts.get(file) ?? disk.readFile(file),
    getSourceFile: (file, language) => {
      const text = texts.get(file);
      return text === undefined
        ? disk.getSourceFile(file, language)
        : ts.createSourceFile(file, text, language);
    },
  };
  return ts.createProgram([...texts.keys()], options, host);
}

function compilerOptions(file: string): ts.CompilerOptions {
  const configuration = ts.getParsedCommandLineOfConfigFile(
    file,
    { noEmit: true },
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
        throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
      },
    },
  );
  if (configuration === undefined) throw new Error(`${file} cannot be read.`);
  return configuration.options;
}

/** The line is that of the text with its surroundings, so the words have to do. */
function problemsOf(program: ts.Program, file: string): readonly string[] {
  const source = program.getSourceFile(file);
  if (source === undefined) throw new Error(`${file} was not compiled.`);
  return [
    ...program.getSyntacticDiagnostics(source),
    ...program.getSemanticDiagnostics(source),
  ].map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
