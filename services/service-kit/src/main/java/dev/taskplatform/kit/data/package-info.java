/**
 * Backs a service's embedded database up, restores it, and moves it to PostgreSQL. The commands run in the service's own
 * image, as a Job beside the service or instead of it, with its settings and volumes:
 *
 * <pre>java -cp @/app/jib-classpath-file dev.taskplatform.task.DataMain backup</pre>
 *
 * <dl>
 *   <dt>{@code backup}
 *   <dd>stores a snapshot of the SQLite file of {@code database.embedded.path} while the service goes on writing to it.
 *       {@code BACKUP_KEEP=n} then removes the oldest of this service's backups below {@code BACKUP_PREFIX} whose names begin
 *       with {@code BACKUP_KEEP_PREFIX}, so that {@code n} stay.
 *   <dt>{@code restore}
 *   <dd>puts a backup to {@code database.embedded.path}, where there must be nothing yet, before the service starts.
 *   <dt>{@code copy}
 *   <dd>moves the SQLite file {@code COPY_SOURCE_PATH}, whose service is stopped, into the PostgreSQL of the section
 *       {@code database}, which must have nothing of the service yet.
 * </dl>
 *
 * Each may be run again after it succeeded or died, and then says again what it did.
 *
 * <p>Variables: {@code BACKUP_PREFIX} is the folder of a platform's backups, such as namespace and name, and
 * {@code BACKUP_NAME} that of one. They are in {@code BACKUP_DIRECTORY}, or in {@code BACKUP_S3_BUCKET} of
 * {@code BACKUP_S3_ENDPOINT} (an URL), below {@code BACKUP_S3_PREFIX}; {@code BACKUP_S3_REGION} is us-east-1 if it is not set,
 * {@code BACKUP_S3_CREDENTIALS_DIR} has the files access-key-id and secret-access-key, {@code BACKUP_S3_CA_FILE} the
 * authority of the store's certificate, in PEM, if no public one. {@code DATA_WORK_DIR} has space for the database once and
 * 64 MiB; without it the directory for temporary files is taken.
 *
 * <p>The outcome is a JSON object of less than 4,096 bytes in the file {@code TERMINATION_LOG}, or
 * {@code /dev/termination-log} where there is one: {@code service}, {@code backup}, {@code rows}, {@code tables},
 * {@code bytes}, {@code sha256}, {@code schemaVersion} and perhaps {@code warning}; or {@code error}, a sentence. The exit
 * status is 0, or 1 for what may succeed when it is tried again, or 2 for what needs somebody to change something.
 *
 * <p>A backup is {@code PREFIX/NAME/SERVICE.db.gz}, the compressed SQLite file, and {@code PREFIX/NAME/SERVICE.json}, its
 * {@link dev.taskplatform.kit.data.Manifest manifest}; without the second it is none. It holds no key: the Secret that a
 * service encrypts by must be kept, too.
 */
package dev.taskplatform.kit.data;
