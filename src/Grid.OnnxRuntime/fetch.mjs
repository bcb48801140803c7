// Brings the npm package that package-lock.json pins into node_modules, for the build of Grid.OnnxRuntime.
//
// Several builds may run this at once, and any of them may be killed half way. So npm installs into a folder of its
// own, and one rename puts the finished folder in place: node_modules is either whole or not there. The copy of the
// lock file inside it says what it was made from, and is the last thing looked at before anything is done.

import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, 'node_modules');
const stamp = join(modules, '.package-lock.stamp');
const lock = readFileSync(join(here, 'package-lock.json'), 'utf8');
const packageFolder = join('node_modules', 'com.github.asus4.onnxruntime');

const isCurrent = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === lock;

if (!isCurrent()) {
  const staging = join(here, 'obj', `npm-${process.pid}`);
  try {
    install(staging);
    put(staging);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

const now = new Date();
utimesSync(stamp, now, now);

function install(staging) {
  mkdirSync(staging, { recursive: true });
  copyFileSync(join(here, 'package.json'), join(staging, 'package.json'));
  copyFileSync(join(here, 'package-lock.json'), join(staging, 'package-lock.json'));
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: staging,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (npm.error !== undefined || npm.status !== 0) {
    fail(npm.error?.code === 'ENOENT' ? 'npm is not on the PATH' : `${npm.stdout ?? ''}${npm.stderr ?? ''}${npm.error ?? ''}`.trim());
  }

  // Two thirds of the package are for telephones.
  for (const unused of ['Android', 'iOS~']) {
    rmSync(join(staging, packageFolder, 'Plugins', unused), { recursive: true, force: true });
  }

  copyFileSync(join(staging, 'package-lock.json'), join(staging, 'node_modules', '.package-lock.stamp'));
}

function put(staging) {
  if (existsSync(modules) && !isCurrent()) {
    // Of an older version, or of an npm that was run by hand. Moved away first: a removal is not one step.
    try {
      renameSync(modules, join(staging, 'old'));
    } catch (error) {
      if (error.code !== 'ENOENT') {
        throw error;
      }
    }
  }

  try {
    renameSync(join(staging, 'node_modules'), modules);
  } catch (error) {
    if (!isCurrent()) {
      throw error; // Otherwise another build was first, and what it put there is as good.
    }
  }
}

function fail(why) {
  console.error(`npm ci did not bring ONNX Runtime: ${why}`);
  process.exit(1);
}
