// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.data;

import dev.taskplatform.operator.apply.Digest;
import dev.taskplatform.operator.apply.Labels;
import dev.taskplatform.operator.apply.Services;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command on the data of a resource, as the chart's value {@code dataJob} has it.
 *
 * @param command backup, restore or copy
 * @param id first part of the Jobs' names
 * @param backup which backup to make or restore; empty for a copy
 * @param besideService whether the services run meanwhile
 * @param services those whose data it is about, in the order in which it is done, one after the other: a volume for backups may be
 *     on one node at a time
 */
public record DataCommand(
        String command, String id, Map<String, Object> backup, boolean besideService, List<String> services) {

    /** Value of the label {@link Labels#COMPONENT} of everything that a command brings along. */
    static final String COMPONENT = "data";

    private static final int DIGITS = 8;

    /**
     * Tasks are backed up first: they refer to users, and to the place in the user service's events that they have come to, and
     * what they refer to must not be newer than what is in the backup.
     */
    private static final List<String> REFERRING_FIRST = List.of(Services.TASK, Services.USER);

    /**
     * @param id name of the backup
     * @param prefix folder of the backups
     * @param keep how many of the folder's stay; 0 for all
     * @param besideService whether the services run meanwhile
     */
    static DataCommand backup(String id, String prefix, int keep, boolean besideService) {
        Map<String, Object> backup = new LinkedHashMap<>();
        backup.put("prefix", prefix);
        backup.put("name", id);
        if (keep > 0) {
            backup.put("keep", keep);
        }
        return new DataCommand("backup", id, backup, besideService, REFERRING_FIRST);
    }

    /**
     * @param resource name of the resource that gets the data
     * @param path of the backup in the store
     */
    static DataCommand restore(String resource, String path) {
        int slash = path.lastIndexOf('/');
        Map<String, Object> backup = Map.of("prefix", path.substring(0, slash), "name", path.substring(slash + 1));
        return new DataCommand("restore", id(resource, "restore", path), backup, false, Services.ALL);
    }

    /**
     * @param resource name of the resource whose data moves
     * @param target what says where to
     */
    static DataCommand copy(String resource, Object target) {
        return new DataCommand("copy", id(resource, "copy", target), Map.of(), false, Services.ALL);
    }

    /** Another one for other parameters, as a Job can't be changed. */
    private static String id(String resource, String command, Object parameters) {
        return "%s-%s-%s".formatted(resource, command, Digest.of(parameters).substring(0, DIGITS));
    }

    /** @return the chart's values with this command */
    public Map<String, Object> in(Map<String, Object> values) {
        Map<String, Object> all = new LinkedHashMap<>(values);
        all.put("dataJob", Map.of("command", command, "id", id, "backup", backup, "besideService", besideService));
        return all;
    }

    /**
     * @param object what the chart has rendered
     * @return whether it is there for a command alone: a Job, or the policy for its pods
     */
    public static boolean isPart(HasMetadata object) {
        return Labels.of(object, Labels.COMPONENT).equals(Optional.of(COMPONENT));
    }

    /** @return whether it is about a backup that a new resource begins with */
    public boolean isRestore() {
        return command.equals("restore");
    }

    /** @return the backup's place in the store */
    String path() {
        return backup.get("prefix") + "/" + backup.get("name");
    }

    /** @return name of the Job for a service */
    String job(String service) {
        return id + "-" + service.replace("-service", "");
    }
}
