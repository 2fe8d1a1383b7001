//! Background work: a queue and schedules in the database, so that several processes share it and none is lost.
