import { didYouMean } from '../config/index.ts';
import { EXIT, type Output } from './shell.ts';

/** Refuses a word that the command has no use for. */
export function unexpected(word: string, command: string, stderr: Output): number {
  const flags = ['--help', '--json'];
  const problem = word.startsWith('-')
    ? `unknown flag ${word}${didYouMean(word, flags)}`
    : `unexpected argument ${JSON.stringify(word)}`;

  return misused(problem, command, stderr);
}

export function misused(problem: string, command: string, stderr: Output): number {
  stderr.write(`culprit ${command}: ${problem}\nTry: culprit ${command} --help\n`);
  return EXIT.usage;
}
