import { enginePaths, publicFile } from '../paths.js';
import type { EngineSettings, RenderedFile } from '../settings.js';

/** clamd.conf, and freshclam.conf for nodes that may fetch signatures. */
export function renderClamav(settings: EngineSettings): RenderedFile[] {
  const paths = enginePaths(settings);
  const { clamavUser } = settings.accounts;
  const scannedMegabytes = Math.ceil(settings.messageSizeBytes / 1_048_576) + 1;
  return [
    publicFile(
      `${paths.clamavEtc}/clamd.conf`,
      `LocalSocket ${paths.clamavSocket}
LocalSocketMode 666
FixStaleSocket yes
DatabaseDirectory ${paths.clamavDb}
LogFile ${paths.clamavRun}/clamd.log
LogTime yes
User ${clamavUser}
MaxThreads 4
MaxQueue 64
StreamMaxLength ${scannedMegabytes}M
MaxScanSize ${scannedMegabytes * 4}M
MaxFileSize ${scannedMegabytes}M
AlertExceedsMax no
ConcurrentDatabaseReload no
SelfCheck 600
`,
    ),
    publicFile(
      `${paths.clamavEtc}/freshclam.conf`,
      `DatabaseDirectory ${paths.clamavDb}
DatabaseOwner ${clamavUser}
UpdateLogFile ${paths.clamavRun}/freshclam.log
LogTime yes
DatabaseMirror database.clamav.net
Checks 12
NotifyClamd ${paths.clamavEtc}/clamd.conf
`,
    ),
  ];
}

/**
 * A signature database that knows only the EICAR test file, for machines that cannot fetch the official one:
 * clamd exits when its folder holds none. The first line matches the file itself (MD5, length), the second the
 * text within another file.
 */
export function testSignatures(settings: EngineSettings): RenderedFile[] {
  const { clamavDb } = enginePaths(settings);
  const eicarStart = '58354f2150254041505b345c505a58353428505e2937434329377d244549434152';
  return [
    publicFile(`${clamavDb}/test.hdb`, '44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature\n'),
    publicFile(`${clamavDb}/test.ndb`, `Eicar-Test-Signature:0:*:${eicarStart}\n`),
  ];
}
