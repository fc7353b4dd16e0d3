// Sheaf's readable copy.
import { openCopy } from "../../../src/storage/copy"
import { takeStorageStage } from "./stage"

takeStorageStage(doc => openCopy(`copy-${location.search}`, doc))
