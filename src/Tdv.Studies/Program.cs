return Tdv.Studies.StudyCommand.Run(args);
